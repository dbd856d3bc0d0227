package dev.gantry.store.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.store.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Odd layers, and archives of the tools that make layers, unpacked by this store, by dockerd and by umoci: a container
/// sees the same, but for what [Difference] explains.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LayerPeersIT {
    private static final Map<String, List<byte[]>> LAYERS = new LinkedHashMap<>();
    private static final Set<Difference> SEEN = EnumSet.noneOf(Difference.class);
    private static Dockerd dockerd;
    private static int compared;

    private Path scratch;

    @BeforeAll
    static void startDockerd() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Dockerd.installed() && Tools.has("umoci"), "dockerd or umoci is not installed");
        dockerd = Dockerd.start();
    }

    @AfterAll
    static void endDockerd() throws IOException {
        if (dockerd != null) {
            dockerd.close();
        }
    }

    @BeforeEach
    void makeDirectory() throws IOException {
        scratch = Files.createTempDirectory("gantry-peers");
    }

    @AfterEach
    void removeDirectory() {
        Tools.deleteTree(scratch);
    }

    static Stream<String> layers() {
        LAYERS.putAll(OddHeaders.all());
        LAYERS.putAll(OddLayers.all());
        return LAYERS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("layers")
    @Order(1)
    void unpacksLayers(String name) throws IOException, InterruptedException {
        compare(name, LAYERS.getOrDefault(name, List.of()));
    }

    static Stream<String> tools() {
        return ToolsArchives.COMMANDS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("tools")
    @Order(1)
    void unpacksArchivesOf(String tool) throws IOException, InterruptedException {
        compare("an archive of " + tool, List.of(ToolsArchives.make(tool, scratch)));
    }

    /// A difference that is never seen is none.
    @Test
    @Order(2)
    void showsEveryDifference() {
        long all = OddHeaders.all().size() + OddLayers.all().size() + (long) ToolsArchives.COMMANDS.size();
        Assumptions.assumeTrue(compared == all, "not all layers have been compared");
        assertThat(SEEN).containsExactly(Difference.values());
    }

    private void compare(String name, List<byte[]> layers) throws IOException, InterruptedException {
        Instant begin = Instant.now();
        ImageFiles image = ImageFiles.write(scratch.resolve("image"), layers);
        TreeView own = Unpacking.byThisStore(image, scratch, begin);
        List<String> unexplained = new ArrayList<>();
        for (Peer peer : Peer.values()) {
            TreeView theirs = switch (peer) {
                case DOCKERD -> dockerd.unpack(image, begin);
                case UMOCI -> Unpacking.byUmoci(image, scratch, begin);
            };
            for (String difference : TreeView.differences(own, theirs, peer)) {
                Optional<Difference> known = Stream.of(Difference.values())
                        .filter(each -> each.explains(peer, name, difference))
                        .findFirst();
                known.ifPresentOrElse(SEEN::add, () -> unexplained.add(difference));
            }
        }
        assertThat(unexplained).as(name).isEmpty();
        compared++;
    }
}
