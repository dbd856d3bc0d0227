package dev.gantry.bench;

import java.util.List;

/// Times of one contender in nanoseconds.
record Samples(String name, List<Long> nanoseconds) {
    Samples {
        nanoseconds = nanoseconds.stream().sorted().toList();
    }

    /// The given percentile in milliseconds, by the nearest rank.
    double percentile(int percent) {
        int rank = (int) Math.ceil(percent / 100.0 * nanoseconds.size());
        return nanoseconds.get(Math.max(0, rank - 1)) / 1e6;
    }

    double median() {
        return percentile(50);
    }
}
