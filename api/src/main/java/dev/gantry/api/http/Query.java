package dev.gantry.api.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The parameters of a request's query, read with dockerd's rules and refused with its texts.
public final class Query {
    /// Values that dockerd takes for false; everything else that is there is true.
    private static final Set<String> FALSE = Set.of("", "0", "no", "false", "none");

    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2}).{0,2}");
    private static final Pattern TIMESTAMP = Pattern.compile("(-?\\d{1,18})(?:\\.(\\d+))?");
    private static final int MAX_PARAMETERS = 10_000;

    private final Map<String, List<String>> values;

    private Query(Map<String, List<String>> values) {
        this.values = values;
    }

    /// Parses `a=b&c`, percent-encoded; null is the empty query.
    static Query parse(@Nullable String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (text == null || text.isEmpty()) {
            return new Query(values);
        }
        String[] pairs = text.split("&", MAX_PARAMETERS + 1);
        if (pairs.length > MAX_PARAMETERS) {
            throw HttpFailure.badRequest("more than " + MAX_PARAMETERS + " query parameters");
        }
        for (String pair : pairs) {
            if (pair.indexOf(';') >= 0) {
                throw HttpFailure.badRequest("invalid semicolon separator in query");
            }
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
        return new Query(values);
    }

    private static String decode(String text) {
        Matcher bad = BAD_ESCAPE.matcher(text);
        if (bad.find()) {
            throw HttpFailure.badRequest("invalid URL escape " + quote(bad.group()));
        }
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /// Whether the parameter is there at all.
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /// The first value, or empty text when there is none.
    public String text(String name) {
        return all(name).isEmpty() ? "" : all(name).getFirst();
    }

    /// The first value, or null when there is none or it is empty.
    public @Nullable String textOrNull(String name) {
        String value = text(name);
        return value.isEmpty() ? null : value;
    }

    /// Every value of a parameter that may be repeated.
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// A switch, off when absent.
    public boolean flag(String name) {
        return !FALSE.contains(text(name).strip().toLowerCase(Locale.ROOT));
    }

    /// A switch with a default for when it is absent.
    public boolean flag(String name, boolean whenAbsent) {
        return has(name) ? flag(name) : whenAbsent;
    }

    /// A whole number, or null when absent; Go's text when it is none.
    public @Nullable Integer number(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            return null;
        }
        try {
            return Integer.valueOf(value);
        } catch (NumberFormatException _) {
            throw HttpFailure.badRequest("strconv.Atoi: parsing " + quote(value) + ": invalid syntax");
        }
    }

    /// A moment as seconds since 1970 with an optional fraction; null when absent or 0.
    public @Nullable Instant instant(String name) {
        String value = text(name);
        if (value.isEmpty() || value.equals("0")) {
            return null;
        }
        Matcher matcher = TIMESTAMP.matcher(value);
        if (!matcher.matches()) {
            throw HttpFailure.badRequest("invalid value for \"" + name + "\": " + quote(value) + " is no time");
        }
        String fraction = matcher.group(2) == null ? "" : matcher.group(2);
        String nanos = (fraction + "000000000").substring(0, 9);
        try {
            return Instant.ofEpochSecond(Long.parseLong(matcher.group(1)), Long.parseLong(nanos));
        } catch (DateTimeException _) {
            throw HttpFailure.badRequest("invalid value for \"" + name + "\": " + quote(value) + " is out of range");
        }
    }

    /// A text as Go's `%q` prints it, near enough for messages.
    public static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
