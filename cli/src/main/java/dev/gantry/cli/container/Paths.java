package dev.gantry.cli.container;

import dev.gantry.cli.engine.Query;

/// The API's paths of one container.
final class Paths {
    private Paths() {}

    static String of(String container) {
        return "/containers/" + Query.encode(container);
    }

    static String of(String container, String what) {
        return of(container) + "/" + what;
    }
}
