package dev.gantry.engine.system;

/// Lists of numbers as the kernel prints them: `0-3,6`; cpuset(7), "List format".
final class NumberList {
    private NumberList() {}

    /// How many numbers a list has.
    static int count(String list) {
        int count = 0;
        for (String range : list.split(",", -1)) {
            if (range.isBlank()) {
                continue;
            }
            String[] ends = range.strip().split("-", 2);
            count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
        }
        return count;
    }
}
