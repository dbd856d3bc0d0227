package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which JDK `./gantry`, `./check` and `bench/run` take.
class LauncherIT {
    private static final String FIND = "source scripts/find-jdk && find_jdk && echo \"$JAVA_HOME\"";

    @TempDir
    private Path directory;

    @Test
    void prefersItsOwnVariable() throws IOException {
        Path own = jdk("own", "25.0.1");
        Path common = jdk("common", "25");

        assertThat(found("GANTRY_JAVA_HOME=" + own, "JAVA_HOME=" + common)).isEqualTo(own.toString());
    }

    @Test
    void takesTheCommonVariableBeforeThePath() throws IOException {
        Path common = jdk("common", "25-ea");
        Path onPath = jdk("path", "25.0.2");

        assertThat(found("JAVA_HOME=" + common, "PATH=" + onPath.resolve("bin") + ":/usr/bin:/bin"))
                .isEqualTo(common.toString());
        assertThat(found("PATH=" + onPath.resolve("bin") + ":/usr/bin:/bin")).isEqualTo(onPath.toString());
    }

    @Test
    void passesOverOtherVersionsAndWhatIsNoJdk() throws IOException {
        Path older = jdk("older", "21.0.9");
        Path newer = jdk("newer", "250");
        Path runtime = jdk("runtime", "25.0.1");
        Files.delete(runtime.resolve("bin/javac"));
        Path right = jdk("right", "25.0.1");
        Path path = right.resolve("bin");

        for (Path wrong : List.of(older, newer, runtime, directory.resolve("missing"))) {
            assertThat(found("GANTRY_JAVA_HOME=" + wrong, "PATH=" + path + ":/usr/bin:/bin"))
                    .isEqualTo(right.toString());
        }
    }

    @Test
    void looksIntoTheUsualFolders() throws IOException {
        Path home = directory.resolve("home");
        Path usual = jdk("home/.sdkman/candidates/java/25.0.1-tem", "25.0.1");

        Result result = hidden("HOME=" + home, FIND);

        assertThat(result.out()).as(result::toString).isEqualTo(usual + "\n");
    }

    @Test
    void saysInOneSentenceWhatToInstall() throws IOException {
        Result result = hidden("HOME=" + directory, "./gantry version");

        assertThat(result.exit()).isEqualTo(125);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().strip().lines()).singleElement().asString().contains("JDK 25", "GANTRY_JAVA_HOME");
    }

    /// As cron has it, for example.
    @Test
    void takesNamesThatAreNotAsciiWithoutALocale() throws IOException {
        String script = "f=%s/$(printf '\\303\\274').tar; touch $f; exec ./gantry -H unix:///no/such import $f"
                .formatted(directory);

        Result result = withoutALocale(script);

        assertThat(result.exit()).as(result::toString).isEqualTo(1);
        assertThat(result.err()).startsWith("Cannot connect to the ").doesNotContain("\tat ");
    }

    @Test
    void leavesTheLocaleOfTheCallerToHelpers() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"credsStore\": \"probe\"}");
        String script = """
                cd %s; printf '#!/bin/sh\\nenv >>%s/environment\\n' >docker-credential-probe; chmod +x docker-credential-probe
                export PATH=$PWD:$PATH; cd - >/dev/null
                ./gantry --config %s logout example.org; LC_ALL=POSIX ./gantry --config %s logout example.org""".replace("%s", directory.toString());

        Result result = withoutALocale(script);

        assertThat(result.exit()).as(result::toString).isZero();
        assertThat(Files.readAllLines(directory.resolve("environment")))
                .filteredOn(each -> each.startsWith("LC_"))
                .containsOnly("LC_ALL=POSIX");
    }

    private static Result withoutALocale(String script) throws IOException {
        String home = "GANTRY_JAVA_HOME=" + System.getProperty("java.home");
        return Command.run(
                List.of("env", "-i", "-C", root(), "PATH=/usr/bin:/bin", "GANTRY_NO_BUILD=1", home, "sh", "-c", script),
                Map.of());
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = directory.resolve(name);
        Path bin = Files.createDirectories(home.resolve("bin"));
        for (String program : List.of("java", "javac")) {
            Files.createFile(
                    bin.resolve(program),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static String found(String... environment) throws IOException {
        List<String> words = new ArrayList<>(List.of("env", "-i", "-C", root(), "PATH=/usr/bin:/bin"));
        words.addAll(List.of(environment));
        words.addAll(List.of("bash", "-c", FIND));
        Result result = Command.run(words, Map.of());
        assertThat(result.exit()).as(result::toString).isZero();
        return result.out().strip();
    }

    /// Runs a script where the JDKs of this machine are hidden, in a mount namespace of its own.
    private static Result hidden(String environment, String script) throws IOException {
        String hide =
                "for each in /usr/lib/jvm /opt /usr/local; do [ ! -d $each ] || mount -t tmpfs none $each; done; ";
        return Command.run(
                List.of(
                        "unshare",
                        "--mount",
                        "env",
                        "-i",
                        "-C",
                        root(),
                        "PATH=/usr/bin:/bin:/usr/sbin:/sbin",
                        environment,
                        "bash",
                        "-c",
                        hide + script),
                Map.of());
    }

    private static String root() {
        return Repository.root().toString();
    }
}
