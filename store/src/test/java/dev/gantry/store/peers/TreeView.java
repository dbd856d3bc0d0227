package dev.gantry.store.peers;

import dev.gantry.store.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What a container sees of a file system, or why it could not be made.
///
/// @param files attributes by name, by path; the root's path is `.`
/// @param refused whether whoever was to unpack it refused
record TreeView(Map<String, Map<String, String>> files, boolean refused) {
    static final TreeView REFUSED = new TreeView(Map.of(), true);

    /// Of a tree whose layers lie above each other.
    ///
    /// @param trees top first
    /// @param begin times from then on are those of unpacking
    static TreeView ofLayers(List<Path> trees, Path empty, Instant begin) throws IOException, InterruptedException {
        String lower = String.join(":", trees.stream().map(Path::toString).toList());
        // a namespace of its own: nothing is left mounted, whatever happens
        return of(
                empty,
                "mount -t overlay -o 'ro,lowerdir=%s:%s' overlay .; cd \"$PWD\"; ".formatted(lower, empty),
                begin);
    }

    static TreeView of(Path root, Instant begin) throws IOException, InterruptedException {
        return of(root, "", begin);
    }

    private static TreeView of(Path root, String before, Instant begin) throws IOException, InterruptedException {
        List<String> commands = List.of(
                "find . -printf 'F\\t%p\\t%y\\t%m\\t%U:%G\\t%T@\\t%s\\t%i\\t%b\\t%l\\n' 2>/dev/null | sort",
                "find . \\( -type c -o -type b \\) -exec stat -c $'D\\t%n\\t%t:%T' {} + 2>/dev/null || true",
                "find . -type f -exec sha256sum {} + | sed -E 's/^\\\\?([0-9a-f]{64})  (.*)/C\\t\\2\\t\\1/'",
                "getfattr -R -P -h -d -m - -e hex . 2>/dev/null | sed 's/^/X\\t/'");
        String listing = String.join("\n", commands);
        String inNamespace = (before + listing).replace("'", "'\\''");
        String text = Tools.shell(root, "export LC_ALL=C; unshare -m bash -ec '" + inNamespace + "'");
        return new TreeView(new Parser(begin).parse(text), false);
    }

    /// What is different, a line for each, in the words of docs/conformance.md.
    static List<String> differences(TreeView own, TreeView theirs, Peer peer) {
        if (own.refused || theirs.refused) {
            return own.refused == theirs.refused
                    ? List.of()
                    : List.of(own.refused ? "refused, " + peer + " takes it" : "taken, " + peer + " refuses it");
        }
        TreeSet<String> paths = new TreeSet<>(own.files.keySet());
        paths.addAll(theirs.files.keySet());
        return paths.stream()
                .flatMap(path -> differences(path, own.files.get(path), theirs.files.get(path), peer).stream())
                .toList();
    }

    private static List<String> differences(
            String path, Map<String, String> own, Map<String, String> theirs, Peer peer) {
        if (own == null || theirs == null) {
            return List.of("`" + path + "`: "
                    + (own == null ? "not there, " + peer + " has it" : "there, " + peer + " lacks it"));
        }
        TreeSet<String> names = new TreeSet<>(own.keySet());
        names.addAll(theirs.keySet());
        return names.stream()
                .filter(name -> !own.getOrDefault(name, "none").equals(theirs.getOrDefault(name, "none")))
                .map(name -> "`%s`: %s %s, %s %s"
                        .formatted(path, name, own.getOrDefault(name, "none"), peer, theirs.getOrDefault(name, "none")))
                .toList();
    }

    /// Reads what the tools print.
    private static final class Parser {
        private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

        private final Instant begin;
        private final Map<String, Map<String, String>> files = new TreeMap<>();
        private final Map<String, String> firstNames = new HashMap<>();
        private String attributesOf = ".";

        Parser(Instant begin) {
            this.begin = begin;
        }

        Map<String, Map<String, String>> parse(String text) {
            for (String line : text.lines().toList()) {
                String[] fields = line.split("\t", -1);
                switch (fields[0]) {
                    case "F" -> file(fields);
                    case "D" -> of(fields[1]).put("device", fields[2]);
                    case "C" -> of(fields[1]).put("content", fields[2].substring(0, 12));
                    case "X" -> attribute(fields[1]);
                    default -> throw new IllegalStateException(line);
                }
            }
            return files;
        }

        private Map<String, String> of(String path) {
            return files.computeIfAbsent(path.replaceFirst("^\\./", ""), _ -> new LinkedHashMap<>());
        }

        private void file(String[] fields) {
            Map<String, String> found = of(fields[1]);
            boolean directory = fields[2].equals("d");
            found.put("type", fields[2]);
            found.put("mode", fields[3]);
            found.put("owner", fields[4]);
            found.put("time", time(fields[5]));
            if (!directory) {
                found.put("size", fields[6]);
                found.put("first name", firstNames.computeIfAbsent(fields[7], _ -> fields[1]));
            }
            if (fields[2].equals("f") && Long.parseLong(fields[8]) * 512 < Long.parseLong(fields[6])) {
                found.put("holes", "some");
            }
            if (fields[2].equals("l")) {
                found.put("target", fields[9]);
            }
        }

        private String time(String seconds) {
            String[] parts = seconds.split("\\.", -1);
            return Long.parseLong(parts[0]) >= begin.getEpochSecond()
                            && Long.parseLong(parts[0]) < begin.getEpochSecond() + 3600
                    ? "now"
                    : seconds.replaceFirst("\\.?0*$", "");
        }

        private void attribute(String line) {
            if (line.startsWith("# file: ")) {
                attributesOf = unescape(line.substring("# file: ".length()));
            } else if (!line.isEmpty()) {
                int equals = line.indexOf('=');
                of(attributesOf)
                        .put(line.substring(0, equals < 0 ? line.length() : equals), line.substring(equals + 1));
            }
        }

        /// getfattr writes bytes that are no ASCII in octal.
        private static String unescape(String name) {
            return OCTAL.matcher(name).replaceAll(match -> String.valueOf((char) Integer.parseInt(match.group(1), 8)));
        }
    }
}
