package dev.gantry.engine.check;

import dev.gantry.engine.container.ContainerFiles;
import dev.gantry.engine.container.ContainerNames;
import dev.gantry.engine.container.Definition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Directories of containers, and of output on its way to a log, that no container of the engine has.
record DirectoriesPart(Household household) implements Part {
    @Override
    public String name() {
        return household.roots().durable().toString();
    }

    @Override
    public List<Finding> look() throws IOException {
        List<Finding> found = new ArrayList<>();
        // listed first, looked up then: an ID is known before its directory is made, and until that is gone
        for (Path each : list(household.roots().durable())) {
            String id = each.getFileName().toString();
            if (!ContainerNames.isId(id) || !(Files.isDirectory(each) || Files.notExists(each))) {
                found.add(Finding.advised(Kind.FILE, each, "is no container's", "move it elsewhere"));
            } else if (!household.isKnown(id) && Files.exists(each)) {
                found.add(strange(household.roots().of(id), id));
            }
        }
        for (Path each : list(household.roots().journals())) {
            String id = each.getFileName().toString();
            if (household.isNobodys(id) && Files.exists(each)) {
                found.add(Finding.mendable(
                        Kind.OUTPUT, each, "holds output of a container that does not exist", "remove it", () -> {
                            household.requireNobodys(id);
                            household.roots().of(id).deleteJournals();
                        }));
            }
        }
        return found;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted().toList();
        } catch (NoSuchFileException _) {
            return List.of(); // that of output is made when it is needed
        }
    }

    private Finding strange(ContainerFiles files, String id) throws IOException {
        if (files.isRemains()) {
            return Finding.mendable(
                    Kind.CONTAINER, id, "its creation or removal was cut off", "remove what is left of it", () -> {
                        household.requireUnknown(id);
                        if (!files.isRemains()) {
                            throw new IOException("it is more than that now");
                        }
                        files.delete();
                    });
        }
        try {
            Definition _ = files.definition();
        } catch (NoSuchFileException e) {
            return unreadable(files, id, e.getMessage() + " is missing");
        } catch (IOException e) {
            return unreadable(files, id, String.valueOf(e.getMessage()));
        }
        return Finding.mendable(
                Kind.CONTAINER, id, "the engine could not take it in when it started", "take it in", () -> {
                    household.requireUnknown(id);
                    household.containers().takeIn(id, household.execs()::resume);
                });
    }

    private static Finding unreadable(ContainerFiles files, String id, String problem) {
        return Finding.advised(
                Kind.CONFIG,
                id,
                "what it was created as cannot be read: " + problem,
                "its files are kept; put config.json back and repair again, or remove " + files.directory());
    }
}
