package dev.gantry.engine;

import java.util.List;

/// Processes as `ps` prints them.
public record Top(List<String> titles, List<List<String>> rows) {
    public Top {
        titles = List.copyOf(titles);
        rows = List.copyOf(rows);
    }
}
