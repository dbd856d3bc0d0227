package dev.gantry.runtime.usage;

import dev.gantry.oci.MalformedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long the processes of a container had to wait for something: the kernel's pressure stall information.
///
/// @param some while at least one of them waited
/// @param full while all of them did; null where the kernel does not say
/// @see <a href="https://docs.kernel.org/accounting/psi.html">PSI</a>
public record Pressure(Stall some, @Nullable Stall full) {
    /// Parts of the time that was lost.
    ///
    /// @param average10 in the last ten seconds, in percent
    /// @param average60 in the last minute, in percent
    /// @param average300 in the last five minutes, in percent
    /// @param totalMicroseconds ever
    public record Stall(double average10, double average60, double average300, long totalMicroseconds) {}

    /// Reads the lines of a file such as `memory.pressure`.
    public static Pressure parse(List<String> lines) throws MalformedException {
        Map<String, Stall> stalls = new HashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            stalls.put(words[0], stall(line, words));
        }
        Stall some = stalls.get("some");
        if (some == null) {
            throw new MalformedException("pressure " + lines + ": no line begins with \"some\"");
        }
        return new Pressure(some, stalls.get("full"));
    }

    private static Stall stall(String line, String[] words) throws MalformedException {
        Map<String, String> values = new HashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                values.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        try {
            return new Stall(
                    Double.parseDouble(values.getOrDefault("avg10", "")),
                    Double.parseDouble(values.getOrDefault("avg60", "")),
                    Double.parseDouble(values.getOrDefault("avg300", "")),
                    Long.parseLong(values.getOrDefault("total", "")));
        } catch (NumberFormatException e) {
            throw new MalformedException("pressure \"" + line + "\": not the kernel's form", e);
        }
    }
}
