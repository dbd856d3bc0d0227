package dev.gantry.bundle;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Strings of a configuration that contain a zero byte: of a path or an argument the kernel would take what is before.
final class ZeroBytes {
    /// JSON has no other way to write one.
    private static final String ESCAPED = "\\u0000";

    /// What nothing is done with, and what has words of its own.
    private static final Set<String> LEFT_OUT = Set.of("annotations", "process.env");

    private ZeroBytes() {}

    /// Refuses the first one.
    ///
    /// @param where the document's own place in a configuration; empty if it is all of it
    static void refuse(byte[] document, String where) throws MalformedException, CommandException {
        if (new String(document, StandardCharsets.UTF_8).contains(ESCAPED)) {
            search(Json.read(document, JsonNode.class), where);
        }
    }

    private static void search(JsonNode node, String where) throws CommandException {
        if (LEFT_OUT.contains(where)) {
            return;
        }
        if (node.isString()) {
            check(node.stringValue(), where);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            search(node.get(i), where + "[" + i + "]");
        }
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            check(each.getKey(), "a name in " + where);
            search(each.getValue(), where.isEmpty() ? each.getKey() : where + "." + each.getKey());
        }
    }

    private static void check(String text, String what) throws CommandException {
        if (text.indexOf('\0') >= 0) {
            throw new CommandException(what + " can't contain a zero byte: \"" + text.replace("\0", "\\0") + "\"");
        }
    }
}
