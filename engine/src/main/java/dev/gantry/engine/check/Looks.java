package dev.gantry.engine.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Looks at parts until what is wrong with them is no passing state.
///
/// @param patience how long something is wrong before it is a finding
record Looks(Duration patience) {
    private static final long PAUSE_NANOS = 50_000_000;

    /// What every look finds.
    List<Finding> at(List<Part> parts) {
        Map<Part, List<Finding>> suspects = new LinkedHashMap<>();
        for (Part each : parts) {
            List<Finding> found = look(each);
            if (!found.isEmpty()) {
                suspects.put(each, new ArrayList<>(found));
            }
        }
        long begin = System.nanoTime();
        while (!suspects.isEmpty() && System.nanoTime() - begin < patience.toNanos()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            suspects.forEach((part, before) -> {
                List<Finding> now = look(part);
                before.removeIf(finding -> now.stream().noneMatch(finding::isSameAs));
            });
            suspects.values().removeIf(List::isEmpty);
        }
        return suspects.values().stream().flatMap(List::stream).toList();
    }

    private static List<Finding> look(Part part) {
        try {
            return part.look();
        } catch (IOException | UncheckedIOException e) {
            return List.of(Finding.advised(
                    Kind.FILE, part.name(), "cannot be looked at: " + e.getMessage(), "mend the file system"));
        }
    }
}
