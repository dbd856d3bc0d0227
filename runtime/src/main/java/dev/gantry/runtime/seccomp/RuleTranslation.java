package dev.gantry.runtime.seccomp;

import dev.gantry.kernel.seccomp.FilterRules;
import dev.gantry.kernel.seccomp.FilterRules.Comparison;
import dev.gantry.kernel.seccomp.FilterRules.Operator;
import dev.gantry.kernel.seccomp.FilterRules.Rule;
import dev.gantry.kernel.seccomp.SeccompLibrary;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.oci.runtime.Seccomp.Action;
import dev.gantry.oci.runtime.Seccomp.Argument;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.refusal.UnsupportedItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The runtime specification's words in the kernel's, with runc's answers to what the specification leaves open.
final class RuleTranslation {
    private static final String ITEM = "linux.seccomp";

    private static final String ARCHITECTURE = "SCMP_ARCH_";
    private static final int ARGUMENTS = 6;
    private static final int EPERM = 1;
    private static final int LARGEST_ERRNO = 4095;
    /// From this many rules on runc has the program search in a binary tree.
    private static final int MANY_RULES = 33;

    // linux/seccomp.h
    private static final int KILL_PROCESS = 0x8000_0000;
    private static final int KILL_THREAD = 0;
    private static final int TRAP = 0x0003_0000;
    private static final int ERRNO = 0x0005_0000;
    private static final int NOTIFY = 0x7FC0_0000;
    private static final int TRACE = 0x7FF0_0000;
    private static final int LOG = 0x7FFC_0000;
    private static final int ALLOW = 0x7FFF_0000;

    private RuleTranslation() {}

    static FilterRules of(Seccomp seccomp, SeccompLibrary library) throws RefusedException {
        int defaultAction = action(seccomp.defaultAction(), seccomp.defaultErrnoRet());
        List<Rule> rules = new ArrayList<>();
        for (Seccomp.Syscall each : seccomp.syscalls()) {
            int action = action(each.action(), each.errnoRet());
            for (List<Comparison> comparisons : alternatives(each.args())) {
                for (String name : each.names()) {
                    rules.add(new Rule(name, action, comparisons));
                }
            }
        }
        List<Integer> architectures = new ArrayList<>();
        for (String name : seccomp.architectures()) {
            architectures.add(architecture(name, library));
        }
        return new FilterRules(defaultAction, architectures, rules.size() >= MANY_RULES, rules);
    }

    static int architecture(String name, SeccompLibrary library) throws RefusedException {
        String own = name.startsWith(ARCHITECTURE)
                ? name.substring(ARCHITECTURE.length()).toLowerCase(Locale.ROOT)
                : "";
        return library.architecture(own)
                .orElseThrow(() -> refused("seccomp architecture \"" + name + "\" is not known to libseccomp"));
    }

    /// The value that a filter returns for an action.
    static int action(@Nullable Action action, @Nullable Integer errno) throws RefusedException {
        if (action == null) {
            throw refused("linux.seccomp.defaultAction, or the action of a rule, is not set");
        }
        int data = errno == null ? EPERM : errno;
        if (data < 0 || data > LARGEST_ERRNO) {
            throw refused("seccomp errnoRet " + data + ": got a number outside 0 to 4095");
        }
        return switch (action) {
            case SCMP_ACT_KILL, SCMP_ACT_KILL_THREAD -> KILL_THREAD;
            case SCMP_ACT_KILL_PROCESS -> KILL_PROCESS;
            case SCMP_ACT_TRAP -> TRAP;
            case SCMP_ACT_ERRNO -> ERRNO | data;
            case SCMP_ACT_TRACE -> TRACE | data;
            case SCMP_ACT_ALLOW -> ALLOW;
            case SCMP_ACT_LOG -> LOG;
            case SCMP_ACT_NOTIFY -> NOTIFY;
        };
    }

    /// Comparisons that hold together; if an argument is compared twice, runc (and Docker's documentation of old) takes
    /// every comparison as a rule of its own.
    private static List<List<Comparison>> alternatives(List<Argument> arguments) throws RefusedException {
        List<Comparison> all = new ArrayList<>();
        for (Argument each : arguments) {
            if (each.index() < 0 || each.index() >= ARGUMENTS) {
                throw refused("seccomp argument " + each.index() + ": got an index outside 0 to 5");
            }
            all.add(new Comparison(each.index(), operator(each.op()), each.value(), each.valueTwo()));
        }
        boolean distinct = all.stream().map(Comparison::argument).distinct().count() == all.size();
        return distinct ? List.of(all) : all.stream().map(List::of).toList();
    }

    private static Operator operator(Seccomp.Operator operator) {
        return switch (operator) {
            case SCMP_CMP_NE -> Operator.NOT_EQUAL;
            case SCMP_CMP_LT -> Operator.LESS;
            case SCMP_CMP_LE -> Operator.LESS_OR_EQUAL;
            case SCMP_CMP_EQ -> Operator.EQUAL;
            case SCMP_CMP_GE -> Operator.GREATER_OR_EQUAL;
            case SCMP_CMP_GT -> Operator.GREATER;
            case SCMP_CMP_MASKED_EQ -> Operator.MASKED_EQUAL;
        };
    }

    /// Whether an action lets the call happen.
    static boolean permits(int action) {
        int kind = action & 0xFFFF_0000;
        return kind == ALLOW || kind == LOG || kind == TRACE;
    }

    static int errno(int number) {
        return ERRNO | number;
    }

    static RefusedException refused(UnsupportedItem unsupported) {
        return new RefusedException(ITEM, unsupported);
    }

    static RefusedException refused(String message) {
        return new RefusedException(ITEM, message);
    }
}
