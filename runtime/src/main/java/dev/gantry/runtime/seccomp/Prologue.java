package dev.gantry.runtime.seccomp;

import dev.gantry.kernel.seccomp.FilterRules;
import dev.gantry.kernel.seccomp.FilterRules.Rule;
import dev.gantry.kernel.seccomp.SeccompLibrary;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// Instructions before libseccomp's, for two things that its rules cannot say.
///
/// **Newer system calls.** A call with a number above every call that the profile names (on the same architecture) is
/// answered with ENOSYS instead of the default action. C libraries try new calls first and go on with the old ones only
/// after ENOSYS: EPERM for a call that is newer than the profile, or than libseccomp, breaks programs that would run
/// on an old kernel (clone3 and faccessat2 did). runc does the same (`patchbpf`), with the same consequences: unused
/// numbers below the largest one get the default action, and where the default action permits, or is ENOSYS,
/// there is nothing to do. A call that the profile names and libseccomp does not know counts as newer.
///
/// **Multiplexed system calls.** On 32-bit x86 `socket` and others can also be reached through `socketcall`, and
/// `semop` and others through `ipc`, where the arguments are behind a pointer that no filter follows. libseccomp
/// turns a rule that permits `socket` with some arguments into one that permits `socketcall` to make any socket: a
/// way around the rule for whoever executes `int $0x80` (podman's CVE-2026-123876). Here such a call gets the
/// default action, unless the profile also permits it without conditions, or permits `socketcall` itself, as
/// Docker's does.
final class Prologue {
    private static final int ENOSYS = 38;

    // linux/audit.h, and libseccomp's name for x32, which has the kernel's number of x86-64
    private static final int X86_64 = 0xC000_003E;
    private static final int X32 = 0x4000_003E;
    private static final int I386 = 0x4000_0003;
    private static final int ARM = 0x4000_0028;
    private static final int X32_BIT = 0x4000_0000;
    /// `__ARM_NR_BASE`: calls from here on (`cacheflush`, `set_tls`) say nothing about what is new.
    private static final int ARM_PRIVATE = 0x000F_0000;

    // struct seccomp_data, linux/seccomp.h
    private static final int NUMBER = NumberRanges.NUMBER;
    private static final int ARCHITECTURE = NumberRanges.ARCHITECTURE;
    private static final int FIRST_ARGUMENT = 16;

    private final FilterRules rules;
    private final SeccompLibrary library;
    private final boolean answersNewer;

    private Prologue(FilterRules rules, SeccompLibrary library) {
        this.rules = rules;
        this.library = library;
        int action = rules.defaultAction();
        this.answersNewer = !RuleTranslation.permits(action) && action != RuleTranslation.errno(ENOSYS);
    }

    /// The instructions; none if the filter needs none. The filter that follows is reached from all of them, and starts
    /// with a load of its own.
    static List<Instruction> of(FilterRules rules, SeccompLibrary library) {
        return new Prologue(rules, library).program().instructions();
    }

    private BpfProgram program() {
        Set<Integer> architectures = new LinkedHashSet<>(rules.architectures());
        architectures.add(library.nativeArchitecture());
        Map<Integer, BpfProgram> sections = new LinkedHashMap<>();
        for (int architecture : architectures) {
            BpfProgram section = section(architecture);
            if (!section.isEmpty()) {
                // x32 and x86-64 tell each other's calls by X32_BIT, so that one may follow the other
                sections.computeIfAbsent(architecture == X32 ? X86_64 : architecture, _ -> new BpfProgram())
                        .append(section);
            }
        }
        BpfProgram program = new BpfProgram();
        for (Map.Entry<Integer, BpfProgram> each : sections.entrySet()) {
            BpfProgram checked = new BpfProgram().load(NUMBER).append(each.getValue());
            program.load(ARCHITECTURE)
                    .unlessEqualSkip(each.getKey(), checked.size())
                    .append(checked);
        }
        return program;
    }

    /// What is checked for one architecture, with the number of the call loaded; falls through to what follows.
    private BpfProgram section(int architecture) {
        BpfProgram section = new BpfProgram();
        if (answersNewer) {
            largest(architecture).ifPresent(number -> newer(section, architecture, number));
        }
        if (architecture == I386) {
            for (Multiplexer multiplexer : Multiplexer.ALL) {
                multiplexed(section, multiplexer);
            }
        }
        return section;
    }

    private static void newer(BpfProgram section, int architecture, int largest) {
        BpfProgram answer = new BpfProgram().unlessGreaterSkip(largest, 1).give(RuleTranslation.errno(ENOSYS));
        switch (architecture) {
            case X86_64 -> section.ifBitsSkip(X32_BIT, answer.size());
            case X32 -> section.unlessBitsSkip(X32_BIT, answer.size());
            case ARM -> section.unlessLessSkip(ARM_PRIVATE, answer.size());
            default -> {}
        }
        section.append(answer);
    }

    /// The largest number of a call that the profile names, whatever it says about it.
    private OptionalInt largest(int architecture) {
        return rules.rules().stream()
                .map(Rule::call)
                .distinct()
                .map(call -> number(architecture, call))
                .flatMapToInt(OptionalInt::stream)
                .filter(number -> architecture != ARM || number < ARM_PRIVATE)
                .max();
    }

    private OptionalInt number(int architecture, String call) {
        OptionalInt direct = architecture == I386 ? Multiplexer.direct(call) : OptionalInt.empty();
        return direct.isPresent() ? direct : library.number(architecture, call);
    }

    private void multiplexed(BpfProgram section, Multiplexer multiplexer) {
        if (RuleTranslation.permits(rules.defaultAction()) || permitted(multiplexer.call())) {
            return;
        }
        BpfProgram check = new BpfProgram();
        for (Multiplexer.Part part : multiplexer.parts()) {
            if (!permitted(part.call()) && conditional(part.call())) {
                check.unlessEqualSkip(part.selector(), 1).give(rules.defaultAction());
            }
        }
        if (!check.isEmpty()) {
            BpfProgram loaded =
                    new BpfProgram().load(FIRST_ARGUMENT).append(check).load(NUMBER);
            section.unlessEqualSkip(multiplexer.number(), loaded.size()).append(loaded);
        }
    }

    private boolean permitted(String call) {
        return rules.rules().stream()
                .anyMatch(rule -> rule.call().equals(call)
                        && rule.comparisons().isEmpty()
                        && RuleTranslation.permits(rule.action()));
    }

    private boolean conditional(String call) {
        return rules.rules().stream()
                .anyMatch(rule -> rule.call().equals(call) && RuleTranslation.permits(rule.action()));
    }
}
