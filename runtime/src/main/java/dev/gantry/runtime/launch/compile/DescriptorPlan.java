package dev.gantry.runtime.launch.compile;

import java.util.ArrayList;
import java.util.List;

/// The descriptors that a program expects, in order: the first arrives as number 3.
final class DescriptorPlan {
    /// The number of the first descriptor after stdio.
    static final int FIRST = 3;

    private final List<String> names = new ArrayList<>();

    /// The number of a descriptor; the same name always has the same one.
    int number(String name) {
        int known = names.indexOf(name);
        if (known >= 0) {
            return FIRST + known;
        }
        names.add(name);
        return FIRST + names.size() - 1;
    }

    boolean contains(String name) {
        return names.contains(name);
    }

    /// The first number that no descriptor has.
    int free() {
        return FIRST + names.size();
    }

    List<String> names() {
        return List.copyOf(names);
    }
}
