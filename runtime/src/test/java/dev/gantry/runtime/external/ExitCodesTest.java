package dev.gantry.runtime.external;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitCodesTest {
    @Test
    void areThoseThatDockerReadsFromTheSameWords() {
        assertThat(ExitCodes.of("exec: \"nope\": executable file not found in $PATH", "nope"))
                .isEqualTo(127);
        assertThat(ExitCodes.of("exec: \"/nope\": stat /nope: no such file or directory", "/nope"))
                .isEqualTo(127);
        assertThat(ExitCodes.of("exec: \"/etc\": permission denied", "/etc")).isEqualTo(126);
        assertThat(ExitCodes.of("mount /a: not a directory", "sh")).isEqualTo(126);
    }

    /// A file that is missing is the command only if that is named.
    @Test
    void blameTheCommandForItsOwnFileOnly() {
        assertThat(ExitCodes.of("error mounting \"/source\": no such file or directory", "true"))
                .isEqualTo(125);
        assertThat(ExitCodes.of("container is not what it should be", "true")).isEqualTo(125);
    }
}
