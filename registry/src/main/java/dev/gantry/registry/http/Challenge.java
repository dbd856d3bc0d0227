package dev.gantry.registry.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a server wants to be authenticated to (RFC 9110, 11.6.1): a scheme with parameters.
///
/// @param scheme in lower case
/// @param parameters by name in lower case
public record Challenge(String scheme, Map<String, String> parameters) {
    private static final int MAX_LENGTH = 8 << 10;
    private static final int MAX_CHALLENGES = 16;

    // possessive quantifiers: no backtracking, whatever the server sends
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final Pattern SCHEME = Pattern.compile("[\\s,]*+(" + TOKEN + ")(?:\\s++|$|(?=,))");
    private static final Pattern PARAMETER =
            Pattern.compile("[\\s,]*+(" + TOKEN + ")\\s*+=\\s*+(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|(" + TOKEN + "))");

    public Challenge {
        parameters = Map.copyOf(parameters);
    }

    /// The challenges of all `WWW-Authenticate` headers, in order. What does not follow the grammar ends its header.
    public static List<Challenge> parse(List<String> headers) {
        List<Challenge> challenges = new ArrayList<>();
        for (String header : headers) {
            if (header.length() <= MAX_LENGTH) {
                parse(header, challenges);
            }
        }
        return List.copyOf(challenges);
    }

    private static void parse(String header, List<Challenge> challenges) {
        Matcher scheme = SCHEME.matcher(header);
        Matcher parameter = PARAMETER.matcher(header);
        int position = 0;
        while (position < header.length()
                && challenges.size() < MAX_CHALLENGES
                && scheme.region(position, header.length()).lookingAt()) {
            position = scheme.end();
            Map<String, String> parameters = new LinkedHashMap<>();
            while (parameter.region(position, header.length()).lookingAt()) {
                String quoted = parameter.group(2);
                parameters.putIfAbsent(
                        parameter.group(1).toLowerCase(Locale.ROOT),
                        quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
                position = parameter.end();
            }
            challenges.add(new Challenge(scheme.group(1).toLowerCase(Locale.ROOT), parameters));
        }
    }

    public @Nullable String parameter(String name) {
        return parameters.get(name);
    }
}
