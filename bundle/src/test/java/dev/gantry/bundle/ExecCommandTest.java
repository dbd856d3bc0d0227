package dev.gantry.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.User;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExecCommandTest {
    private static User user(String... flags) throws CommandException {
        Process main = Process.of(List.of("sh"), List.of(), "/");
        return ExecCommand.user(Flags.parse(ExecCommand.EXEC.known(), List.of(flags)), main);
    }

    @Test
    void takesNumbersOfUsersAndGroups() throws Exception {
        assertThat(user()).isEqualTo(User.ROOT);
        assertThat(user("--user=5")).isEqualTo(new User(5, 0, null, List.of(), null));
        assertThat(user("--user=5:6", "--additional-gids=7", "--additional-gids=4294967294"))
                .isEqualTo(new User(5, 6, null, List.of(7L, 4_294_967_294L), null));
    }

    @Test
    void refusesWhatIsNoUserOrGroupByItsValue() {
        for (String id : List.of("99999999999", "4294967295", "-1", "99999999999999999999999", "root", "")) {
            for (String flag : List.of("--user=" + id, "--user=1:" + id, "--additional-gids=" + id)) {
                assertThatThrownBy(() -> user(flag))
                        .as(flag)
                        .isInstanceOf(CommandException.class)
                        .hasMessageContaining("got \"" + id + "\"");
            }
        }
    }
}
