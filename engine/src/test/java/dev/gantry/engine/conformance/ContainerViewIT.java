package dev.gantry.engine.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.engine.conformance.Difference.Side;
import dev.gantry.oci.runtime.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a container sees is what runc gives for the same spec, but for what [Difference] explains.
@Timeout(60)
class ContainerViewIT {
    private static final Set<Options> COMPARED = EnumSet.noneOf(Options.class);
    private static final Set<Difference> SEEN = EnumSet.noneOf(Difference.class);

    @BeforeAll
    static void findRunc() {
        boolean installed = Stream.of("/usr/sbin/runc", "/usr/bin/runc").anyMatch(each -> Files.exists(Path.of(each)));
        assumeTrue(installed, "runc is not installed; the test command installs it");
    }

    @ParameterizedTest
    @EnumSource
    void seesWhatRuncGives(Options options) throws Exception {
        try (Workbench workbench = Workbench.create()) {
            Spec spec = workbench.spec(options);
            Sides sides = new Sides(workbench);
            View own = sides.own(spec);
            View runc = sides.runc(spec);

            assertThat(own.sections()).hasSizeGreaterThan(15).doesNotContainValue(List.of());
            assertThat(own.sections().keySet()).isEqualTo(runc.sections().keySet());
            for (String section : own.sections().keySet()) {
                List<String> ours = own.sections().get(section);
                List<String> theirs = runc.sections().get(section);
                assertThat(ordered(section, unexplained(Side.OWN, section, ours, theirs)))
                        .as("section %s with %s", section, options)
                        .isEqualTo(ordered(section, unexplained(Side.RUNC, section, theirs, ours)));
            }
            COMPARED.add(options);
        }
    }

    /// The lines that both have, and those that nothing explains.
    private static List<String> unexplained(Side side, String section, List<String> lines, List<String> others) {
        return lines.stream()
                .filter(line -> others.contains(line) || !explained(side, section, line))
                .toList();
    }

    /// By [Difference#MOUNT_ORDER]. Which of two mounts covers the other is not lost: the line names what it is mounted
    /// in.
    private static List<String> ordered(String section, List<String> lines) {
        return section.equals("mounts") ? lines.stream().sorted().toList() : lines;
    }

    private static boolean explained(Side side, String section, String line) {
        boolean explained = false;
        for (Difference difference : Difference.values()) {
            if (difference.explains(side, section, line)) {
                SEEN.add(difference);
                explained = true;
            }
        }
        return explained;
    }

    @AfterAll
    static void explainsNothingThatIsNotThere() {
        if (COMPARED.size() == Options.values().length) {
            assertThat(Difference.values())
                    .allSatisfy(each -> assertThat(SEEN.contains(each) || !each.permanent())
                            .as("%s is still a difference", each)
                            .isTrue());
        }
    }
}
