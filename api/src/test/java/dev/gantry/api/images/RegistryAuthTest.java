package dev.gantry.api.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.api.http.HttpFailure;
import dev.gantry.engine.request.Login;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryAuthTest {
    private static String header(String json) {
        return Base64.getUrlEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void namesAUserByPasswordOrToken() {
        assertThat(RegistryAuth.parse(header("{\"username\":\"ann\",\"password\":\"p:w\",\"serveraddress\":\"x\"}")))
                .isEqualTo(new Login("ann", "p:w", null, null));
        assertThat(RegistryAuth.parse(header("{\"identitytoken\":\"t\"}"))).isEqualTo(new Login("", "", "t", null));
        assertThat(RegistryAuth.parse(header("{\"registrytoken\":\"r\"}"))).isEqualTo(new Login("", "", null, "r"));
        assertThat(RegistryAuth.parse(header("{\"auth\":\"YW5uOnA6dw==\"}")))
                .isEqualTo(new Login("ann", "p:w", null, null));
    }

    /// What clients send where they know nothing.
    @ParameterizedTest
    @ValueSource(strings = {"", "e30=", "e30", "eyJ1c2VybmFtZSI6IiJ9"})
    void isNobodyWhereNothingIsSaid(String header) {
        assertThat(RegistryAuth.parse(header)).isNull();
    }

    @Test
    void refusesWhatCannotBeReadWithoutRepeatingIt() {
        for (String wrong : new String[] {"!secret!", header("secret"), header("{\"auth\":\"!secret!\"}")}) {
            assertThatThrownBy(() -> RegistryAuth.parse(wrong))
                    .isInstanceOf(HttpFailure.class)
                    .hasMessageNotContaining("secret");
        }
    }
}
