package dev.gantry.cli.image;

import dev.gantry.cli.engine.Query;

/// The API's paths of one image. The slashes of a name stay: the daemon takes everything up to the last segment.
final class ImagePaths {
    private ImagePaths() {}

    static String of(String image) {
        return "/images/" + Query.encode(image).replace("%2F", "/");
    }

    static String of(String image, String what) {
        return of(image) + "/" + what;
    }
}
