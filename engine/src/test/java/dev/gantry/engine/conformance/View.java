package dev.gantry.engine.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a container sees, in sections of lines, without what is different in every run.
///
/// @param sections by name, in the order of `view.sh`
record View(Map<String, List<String>> sections) {
    static final String END = "=== end";
    private static final String HEADING = "=== ";

    /// Reads what `view.sh` has printed.
    static View parse(String printed) throws IOException {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : printed.replace("\r", "").lines().toList()) {
            if (line.startsWith(HEADING)) {
                lines = new ArrayList<>();
                sections.put(line.substring(HEADING.length()), lines);
            } else {
                lines.add(line);
            }
        }
        for (Map.Entry<String, List<String>> each : sections.entrySet()) {
            each.setValue(
                    switch (each.getKey()) {
                        case "namespaces" -> namespaces(each.getValue());
                        case "mounts" -> mounts(each.getValue());
                        case "process" -> process(each.getValue());
                        case "descriptors" -> descriptors(each.getValue());
                        default -> List.copyOf(each.getValue());
                    });
        }
        return new View(sections);
    }

    /// Whether each namespace is the host's.
    private static List<String> namespaces(List<String> lines) throws IOException {
        List<String> result = new ArrayList<>();
        for (String line : lines) {
            String[] nameAndLink = line.split(" ", -1);
            String host = Files.readSymbolicLink(Path.of("/proc/self/ns", nameAndLink[0]))
                    .toString();
            result.add(nameAndLink[0] + " " + (nameAndLink[1].equals(host) ? "host" : "own"));
        }
        return result;
    }

    /// Without numbers of mounts, peer groups and devices, and without the directories of overlays; proc(5).
    private static List<String> mounts(List<String> lines) {
        Map<String, String> targets = new TreeMap<>();
        for (String line : lines) {
            String[] fields = line.split(" ", -1);
            targets.put(fields[0], fields[4]);
        }
        List<String> result = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(" ", -1);
            int separator = List.of(fields).indexOf("-");
            List<String> propagation = Stream.of(fields)
                    .limit(separator)
                    .skip(6)
                    .map(each -> each.replaceAll(":[0-9]+", ""))
                    .toList();
            String options = fields[separator + 3].replaceAll("(lower|upper|work)dir\\+?=[^,]*", "$1");
            result.add(String.join(
                    " ",
                    fields[4],
                    "in",
                    targets.getOrDefault(fields[1], "-"),
                    "root",
                    fields[3],
                    fields[5],
                    propagation.toString(),
                    fields[separator + 1],
                    fields[separator + 2],
                    options));
        }
        return result;
    }

    /// With names for process numbers: the process's own, another one of the container, none.
    private static List<String> process(List<String> lines) {
        List<String> result = new ArrayList<>(lines);
        String[] fields = lines.getFirst().split(" ", -1);
        String self = fields[0];
        for (int i = 0; i < 6; i++) {
            boolean terminal = i == 4;
            if (!terminal) {
                fields[i] = fields[i].equals(self) ? "self" : fields[i].matches("0|-1") ? fields[i] : "other";
            }
        }
        result.set(
                0,
                "pid %s parent %s group %s session %s tty %s foreground %s priority %s nice %s rt %s policy %s"
                        .formatted((Object[]) fields));
        return result;
    }

    private static List<String> descriptors(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("/proc/[0-9]+/", "/proc/self/").replaceAll(":\\[[0-9]+\\]", ""))
                .toList();
    }

    /// This view with a section of what the host sees of it.
    View with(String section, List<String> lines) {
        Map<String, List<String>> more = new LinkedHashMap<>(sections);
        more.put(section, lines);
        return new View(more);
    }
}
