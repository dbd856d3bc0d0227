package dev.gantry.cli.engine;

/// The API's paths of one image. The slashes of a name stay: the daemon takes everything up to the last segment.
public final class ImagePaths {
    private ImagePaths() {}

    /// Of the image itself.
    public static String of(String image) {
        return "/images/" + encoded(image);
    }

    /// A name, as several segments of a path.
    public static String encoded(String image) {
        return Query.encode(image).replace("%2F", "/");
    }

    /// Of something that an image has.
    public static String of(String image, String what) {
        return of(image) + "/" + what;
    }
}
