package dev.gantry.arch;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// What the compiler's parser sees in source files: methods with their length, string literals, calls.
final class SourceTree {
    /// Something found at a line of a file; `text` is a name or a literal, `size` a length in lines.
    record Found(Path file, long line, String text, long size) {
        @Override
        public String toString() {
            return Production.root().relativize(file) + ":" + line + " " + text + (size > 0 ? " (" + size + ")" : "");
        }
    }

    private final List<Found> methods = new ArrayList<>();
    private final List<Found> literals = new ArrayList<>();
    private final List<Found> calls = new ArrayList<>();

    private SourceTree() {}

    static SourceTree parse(List<Path> files) {
        SourceTree tree = new SourceTree();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(tree.new Scanner(unit, positions), null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tree;
    }

    /// Methods and constructors with a body; the size is that of the body in lines.
    List<Found> methods() {
        return methods;
    }

    List<Found> literals() {
        return literals;
    }

    /// Method calls, as `receiver.name` or `name`.
    List<Found> calls() {
        return calls;
    }

    private final class Scanner extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final LineMap lines;
        private final Path file;

        Scanner(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
            this.lines = unit.getLineMap();
            this.file = Path.of(unit.getSourceFile().toUri());
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            if (method.getBody() != null && positions.getEndPosition(unit, method.getBody()) > 0) {
                long first = lines.getLineNumber(positions.getStartPosition(unit, method.getBody()));
                long last = lines.getLineNumber(positions.getEndPosition(unit, method.getBody()));
                methods.add(new Found(file, first, method.getName().toString(), Math.max(0, last - first - 1)));
            }
            return super.visitMethod(method, null);
        }

        @Override
        public Void visitLiteral(LiteralTree literal, Void unused) {
            if (literal.getValue() instanceof String text) {
                literals.add(new Found(file, lines.getLineNumber(positions.getStartPosition(unit, literal)), text, 0));
            }
            return super.visitLiteral(literal, null);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
            String name = call.getMethodSelect() instanceof MemberSelectTree select
                    ? select.getExpression() + "." + select.getIdentifier()
                    : call.getMethodSelect().toString();
            calls.add(new Found(file, lines.getLineNumber(positions.getStartPosition(unit, call)), name, 0));
            return super.visitMethodInvocation(call, null);
        }
    }
}
