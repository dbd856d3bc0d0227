package dev.gantry.cli.system;

/// What this client is.
public final class Build {
    /// The version of the project.
    public static final String VERSION = "0.1.0";

    private Build() {}

    /// The commit that the launcher built from, or "unknown".
    public static String commit() {
        return System.getProperty("gantry.commit", "unknown");
    }

    /// When that commit was made, in RFC 3339, or an empty text.
    public static String time() {
        return System.getProperty("gantry.built", "");
    }

    /// What `--version` prints.
    public static String line() {
        return "Gantry version " + VERSION + ", build " + commit();
    }

    static String architecture() {
        String name = System.getProperty("os.arch", "");
        return switch (name) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> name;
        };
    }
}
