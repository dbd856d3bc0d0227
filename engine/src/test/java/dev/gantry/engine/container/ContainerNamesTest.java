package dev.gantry.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerNamesTest {
    private static final String FIRST = "ab" + "0".repeat(62);
    private static final String SECOND = "ac" + "0".repeat(62);
    private final ContainerNames names = new ContainerNames();

    @Test
    void findsByIdNameAndBeginning() {
        assertThat(names.take("/web", FIRST)).isEqualTo("web");
        names.take("data", SECOND);

        assertThat(names.find(FIRST)).isEqualTo(FIRST);
        assertThat(names.find("web")).isEqualTo(FIRST);
        assertThat(names.find("/web")).isEqualTo(FIRST);
        assertThat(names.find("ac")).isEqualTo(SECOND);
    }

    @Test
    void aNameGoesBeforeTheBeginningOfAnId() {
        names.take("ac", FIRST);
        names.take("other", SECOND);

        assertThat(names.find("ac")).isEqualTo(FIRST);
    }

    @Test
    void saysWhatIsUnknownOrAmbiguous() {
        names.take("web", FIRST);
        names.take("data", SECOND);

        assertThatThrownBy(() -> names.find("none"))
                .isInstanceOf(NotFound.class)
                .hasMessage("No such container: none");
        assertThatThrownBy(() -> names.find("a"))
                .isInstanceOf(Invalid.class)
                .hasMessage("multiple IDs found with provided prefix: a");
        assertThatThrownBy(() -> names.find("")).isInstanceOf(NotFound.class);
    }

    @Test
    void aNameBelongsToOneContainer() {
        names.take("web", FIRST);

        assertThatThrownBy(() -> names.take("web", SECOND))
                .isInstanceOf(Conflict.class)
                .hasMessage("Conflict. The container name \"/web\" is already in use by container \"" + FIRST
                        + "\". You have to remove (or rename) that container to be able to reuse that name.");
        names.release(FIRST, "web");
        assertThat(names.take("web", SECOND)).isEqualTo("web");
        assertThatThrownBy(() -> names.find(FIRST)).isInstanceOf(NotFound.class);
    }

    @Test
    void renamingFreesTheOldName() {
        names.take("web", FIRST);
        names.rename(FIRST, "web", "shop");

        assertThat(names.find("shop")).isEqualTo(FIRST);
        assertThat(names.take("web", SECOND)).isEqualTo("web");
        assertThatThrownBy(() -> names.rename(FIRST, "shop", "/shop")).isInstanceOf(Invalid.class);
        assertThatThrownBy(() -> names.rename(FIRST, "shop", "web")).isInstanceOf(Conflict.class);
        assertThat(names.find("shop")).isEqualTo(FIRST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "-a", "a b", "a/b", "ä", "../x"})
    void refusesInvalidNames(String name) {
        assertThatThrownBy(() -> names.take(name, FIRST))
                .isInstanceOf(Invalid.class)
                .hasMessage("Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }

    @Test
    void generatesAsManyNamesAsAreNeeded() {
        var taken = new HashSet<String>();
        IntStream.range(0, 2000).forEach(_ -> taken.add(names.takeAny(names.newId())));

        assertThat(taken).hasSize(2000).allMatch(name -> name.matches("[a-z]+_[a-z]+[0-9]*"));
    }
}
