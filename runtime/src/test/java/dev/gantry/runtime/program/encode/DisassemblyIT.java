package dev.gantry.runtime.program.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ExecutableFile;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.Memory;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Operation;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What binutils' disassembler reads in the code: every call with its number and its arguments, in order, and no
/// instruction that it does not know.
class DisassemblyIT {
    /// An entry of `PT_LOAD` that is readable and executable, elf(5).
    private static final long LOADED_CODE = 1 | 5L << 32;
    private static final List<String> X86_ARGUMENTS = List.of("rdi", "rsi", "rdx", "r10", "r8", "r9");

    private final Random random = new Random(7);
    private final ProgramBuilder b = new ProgramBuilder(ExecutableFile.REPORT);
    private final List<String> expected = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void showsEveryCallWithItsArguments(Architecture architecture) throws Exception {
        for (int round = 0; round < 5; round++) {
            for (Syscall call : Syscall.values()) {
                Slot result = b.slot("result");
                Operand[] arguments = new Operand[call.parameters()];
                Arrays.setAll(arguments, _ -> operand());
                b.call(result, call, arguments);
                expect(architecture, call, arguments);
            }
        }
        b.exit(Operand.of(0));
        expect(architecture, Syscall.EXIT_GROUP, Operand.of(0));
        expectFailureExit(architecture);

        assertThat(calls(architecture, disassembled(b.build(), architecture))).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void knowsEveryInstruction(Architecture architecture) throws Exception {
        Label end = b.label("end");
        for (int width : List.of(1, 2, 4, 8)) {
            Slot slot = b.buffer("target", 8).field("target", 0, width);
            for (Operation operation : Operation.values()) {
                b.compute(slot, operation, operand());
            }
            for (Condition condition : Condition.values()) {
                b.jumpIf(slot, condition, operand(), end);
            }
        }
        b.place(end);
        b.exit(Operand.of(0));

        List<String> lines = disassembled(b.build(), architecture);

        assertThat(lines).hasSizeGreaterThan(150);
        assertThat(lines).noneMatch(line -> line.contains("(bad)") || line.contains("undefined"));
        assertThat(lines.getLast()).matches("ud2|udf #0");
        assertThat(lines).anyMatch(line -> line.matches("(test|tst) .*"));
        assertThat(lines).anyMatch(line -> line.matches("(shl|lsl) .*"));
        assertThat(lines).anyMatch(line -> line.matches("(shr|lsr) .*"));
    }

    private Operand operand() {
        return switch (random.nextInt(5)) {
            case 0 -> Operand.of(random.nextInt(10) - 5L);
            case 1 -> Operand.of(random.nextInt());
            case 2 -> Operand.of(random.nextLong());
            case 3 -> Operand.of(1L << random.nextInt(64));
            default -> b.slot("argument");
        };
    }

    private void expect(Architecture architecture, Syscall call, Operand... arguments) {
        List<String> words = new ArrayList<>();
        words.add(Integer.toString(call.number(architecture)));
        for (Operand each : arguments) {
            words.add(
                    switch (each) {
                        case Operand.Immediate(long number) -> Long.toHexString(number);
                        case Operand.Address address -> Long.toHexString(address.absolute());
                        case Slot slot -> "[" + Integer.toHexString(slot.address()) + "]";
                    });
        }
        expected.add(String.join(" ", words));
    }

    private void expectFailureExit(Architecture architecture) {
        expect(
                architecture,
                Syscall.WRITE,
                Operand.of(ExecutableFile.REPORT),
                Operand.of(Memory.VARIABLES),
                Operand.of(Report.SIZE));
        expect(architecture, Syscall.EXIT_GROUP, Operand.of(Program.FAILURE_EXIT_CODE));
    }

    /// The instructions without addresses, comments and surplus blanks.
    private static List<String> disassembled(Program program, Architecture architecture) throws Exception {
        Path code = Files.createTempFile("code", ".bin");
        try {
            Files.write(code, code(Assembler.assemble(program, architecture)));
            List<String> words = new ArrayList<>(
                    switch (architecture) {
                        case X86_64 -> List.of("objdump", "-m", "i386:x86-64", "-M", "intel");
                        case AARCH64 -> List.of("aarch64-linux-gnu-objdump", "-m", "aarch64");
                    });
            words.addAll(List.of("-D", "-z", "-b", "binary", code.toString()));
            Process process = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            List<String> lines = process.inputReader()
                    .lines()
                    .filter(line -> line.matches("\\s*[0-9a-f]+:\t.*\t.*"))
                    .map(line -> line.replaceFirst("^\\s*[0-9a-f]+:\t[^\t]*\t", "")
                            .replaceFirst("\\s*//.*", "")
                            .replaceAll("\\s+", " ")
                            .strip())
                    .toList();
            assertThat(process.waitFor()).isZero();
            return lines;
        } finally {
            Files.delete(code);
        }
    }

    private static byte[] code(byte[] file) throws IOException {
        ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) elf.getLong(32);
        for (int i = 0; i < elf.getShort(56); i++, header += elf.getShort(54)) {
            if (elf.getLong(header) == LOADED_CODE) {
                int offset = (int) elf.getLong(header + 8);
                return Arrays.copyOfRange(file, offset, offset + (int) elf.getLong(header + 32));
            }
        }
        throw new IOException("no segment with code");
    }

    private static List<String> calls(Architecture architecture, List<String> lines) {
        return switch (architecture) {
            case X86_64 -> new X86().calls(lines);
            case AARCH64 -> new Aarch64().calls(lines);
        };
    }

    /// Follows what registers hold from one call to the next: hexadecimal numbers, or `[address]`.
    private abstract static class Registers {
        final Map<String, String> held = new HashMap<>();
        private final List<String> calls = new ArrayList<>();

        abstract void follow(String line);

        List<String> calls(List<String> lines) {
            lines.forEach(this::follow);
            return calls;
        }

        void called(String number, List<String> arguments) {
            List<String> words = new ArrayList<>(List.of(Long.toString(Long.parseUnsignedLong(held(number), 16))));
            for (String register : arguments) {
                if (!held.containsKey(register)) {
                    break;
                }
                words.add(held(register));
            }
            calls.add(String.join(" ", words));
            held.clear();
        }

        String held(String register) {
            return held.getOrDefault(register, "");
        }
    }

    private static final class X86 extends Registers {
        private static final Pattern NUMBER = Pattern.compile("(?:mov|movabs) (\\w+),0x([0-9a-f]+)");
        private static final Pattern ZERO = Pattern.compile("xor (\\w+),\\1");
        private static final Pattern VARIABLE = Pattern.compile("mov (\\w+),QWORD PTR ds:0x([0-9a-f]+)");

        @Override
        void follow(String line) {
            Matcher number = NUMBER.matcher(line);
            Matcher zero = ZERO.matcher(line);
            Matcher variable = VARIABLE.matcher(line);
            if (number.matches()) {
                held.put(wide(number.group(1)), number.group(2));
            } else if (zero.matches()) {
                held.put(wide(zero.group(1)), "0");
            } else if (variable.matches()) {
                held.put(variable.group(1), "[" + variable.group(2) + "]");
            } else if (line.equals("syscall")) {
                called("rax", X86_ARGUMENTS);
            }
        }

        private static String wide(String register) {
            return register.startsWith("e") ? "r" + register.substring(1) : register.replaceFirst("^(r[0-9]+)d$", "$1");
        }
    }

    private static final class Aarch64 extends Registers {
        private static final Pattern NUMBER = Pattern.compile("mov x(\\d+), #0x([0-9a-f]+)");
        private static final Pattern PART = Pattern.compile("movk x(\\d+), #0x([0-9a-f]+)(?:, lsl #(\\d+))?");
        private static final Pattern VARIABLE = Pattern.compile("ldr x(\\d+), \\[x(\\d+)(?:, #(\\d+))?\\]");

        @Override
        void follow(String line) {
            Matcher number = NUMBER.matcher(line);
            Matcher part = PART.matcher(line);
            Matcher variable = VARIABLE.matcher(line);
            if (number.matches()) {
                held.put(number.group(1), number.group(2));
            } else if (part.matches()) {
                int shift = part.group(3) == null ? 0 : Integer.parseInt(part.group(3));
                long others = Long.parseUnsignedLong(held(part.group(1)), 16) & ~(0xFFFFL << shift);
                long value = others | Long.parseLong(part.group(2), 16) << shift;
                held.put(part.group(1), Long.toHexString(value));
            } else if (variable.matches()) {
                long base =
                        variable.group(2).equals("19") ? Memory.VARIABLES : Long.parseLong(held(variable.group(2)), 16);
                long offset = variable.group(3) == null ? 0 : Long.parseLong(variable.group(3));
                held.put(variable.group(1), "[" + Long.toHexString(base + offset) + "]");
            } else if (line.equals("svc #0x0")) {
                called("8", List.of("0", "1", "2", "3", "4", "5"));
            }
        }
    }
}
