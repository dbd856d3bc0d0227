package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where containers' files lie.
///
/// @param durable what outlives a reboot; must be there
/// @param journals output on its way to the logs, which does not
/// @param boot tells the life of what does not outlive it from others
/// @param execRoot where what runs is recorded
public record ContainerRoots(Path durable, Path journals, String boot, Retaking execRoot) {
    /// What is done before something is started.
    @FunctionalInterface
    public interface Retaking {
        /// Takes a directory again that somebody has removed.
        void retake() throws IOException;
    }

    public ContainerFiles of(String id) {
        return new ContainerFiles(durable.resolve(id), journals.resolve(id), boot);
    }

    /// Before what a container may need is removed: of one that nobody could read it is not known what that is.
    ///
    /// @param names knows those that were read
    /// @throws Conflict if there is another one
    public void requireAllRead(ContainerNames names) {
        try (Stream<Path> all = Files.list(durable)) {
            List<String> ids = all.map(each -> each.getFileName().toString())
                    .filter(each -> ContainerNames.isId(each) && !names.isKnown(each))
                    .toList();
            for (String each : ids) {
                if (of(each).isThere()) {
                    throw new Conflict("the container in " + durable.resolve(each)
                            + " could not be read, and it may be in use there: see `gantry system check`");
                }
            }
        } catch (IOException e) {
            throw new Failed(durable + ": " + e.getMessage(), e);
        }
    }
}
