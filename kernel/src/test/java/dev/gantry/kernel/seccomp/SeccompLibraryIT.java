package dev.gantry.kernel.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.seccomp.FilterRules.Comparison;
import dev.gantry.kernel.seccomp.FilterRules.Operator;
import dev.gantry.kernel.seccomp.FilterRules.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Needs libseccomp, no privileges. What programs do is tested where they are run and evaluated, in the runtime.
class SeccompLibraryIT {
    private static final int ALLOW = 0x7FFF_0000;
    private static final int EPERM = 0x0005_0001;

    @Test
    void saysWhatToDoWhereItIsNotInstalled() {
        assertThat(new LibraryMissingException("libseccomp.so.2"))
                .hasMessageStartingWith("libseccomp.so.2 is not installed: install libseccomp2")
                .hasMessageContaining("--security-opt seccomp=unconfined");
    }

    @Test
    void knowsArchitecturesAndTheirCalls() throws Exception {
        SeccompLibrary library = SeccompLibrary.load();

        int arm = library.architecture("aarch64").orElseThrow();
        assertThat(arm).isEqualTo(0xC000_00B7);
        assertThat(library.number(arm, "openat")).hasValue(56);
        assertThat(library.number(arm, "open")).as("aarch64 has none").isEmpty();
        assertThat(library.number(arm, "openat\0x")).isEmpty();
        assertThat(library.architecture("vax")).isEmpty();
        assertThat(library.architecture("")).isEmpty();
    }

    @Test
    void compilesWholeInstructions() throws Exception {
        byte[] program = SeccompLibrary.load()
                .compile(new FilterRules(ALLOW, List.of(), false, List.of(new Rule("mount", EPERM, List.of()))));

        assertThat(program.length % 8).isZero();
        assertThat(program.length).isGreaterThan(16);
    }

    @Test
    void namesTheCallWhoseRuleIsRefused() throws Exception {
        SeccompLibrary library = SeccompLibrary.load();
        Comparison sameTwice = new Comparison(0, Operator.EQUAL, 1, 0);
        Rule rule = new Rule("mount", EPERM, List.of(sameTwice, sameTwice));

        assertThatThrownBy(() -> library.compile(new FilterRules(ALLOW, List.of(), false, List.of(rule))))
                .isInstanceOf(KernelException.class)
                .hasMessageStartingWith("seccomp_rule_add mount: EINVAL");
    }

    @Test
    void leavesNoDescriptorOpen() throws Exception {
        SeccompLibrary library = SeccompLibrary.load();
        FilterRules rules = new FilterRules(ALLOW, List.of(), false, List.of(new Rule("mount", EPERM, List.of())));
        for (int i = 0; i < 50; i++) {
            library.compile(rules);
        }

        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open.map(SeccompLibraryIT::target)).noneMatch(target -> target.contains("memfd:seccomp"));
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (java.io.IOException _) {
            return "closed meanwhile";
        }
    }
}
