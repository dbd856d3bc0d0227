package dev.gantry.e2e;

import java.util.Map;

/// Environment variables that Gantry's own programs get.
final class Environment {
    private Environment() {}

    /// The JDK of this process, and no build: the tree under test is built already.
    static Map<String, String> forGantry() {
        return Map.of("GANTRY_JAVA_HOME", System.getProperty("java.home"), "GANTRY_NO_BUILD", "1");
    }
}
