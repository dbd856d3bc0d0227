package dev.gantry.engine.log;

import dev.gantry.engine.EngineException.Invalid;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The log option `tag`: text with the fields that Docker's "Customize log driver output" names, such as `{{.Name}}`.
/// Nothing else of Go's templates is known.
final class LogTag {
    private static final int SHORT_ID = 12;
    private static final Pattern ACTION = Pattern.compile("\\{\\{(.*?)(}}|\\z)", Pattern.DOTALL);
    private static final Map<String, Function<LogSubject, String>> FIELDS = new TreeMap<>(Map.of(
            ".ID", subject -> shortened(subject.id()),
            ".FullID", LogSubject::id,
            ".Name", LogSubject::name,
            ".ImageID", subject -> shortened(subject.imageId()),
            ".ImageFullID", LogSubject::imageId,
            ".ImageName", LogSubject::imageName,
            ".DaemonName", _ -> "docker"));

    private LogTag() {}

    /// Docker cuts an image's ID together with its algorithm.
    private static String shortened(String id) {
        return id.substring(0, Math.min(SHORT_ID, id.length()));
    }

    /// @throws Invalid if there is anything but text and fields
    static void check(String template) {
        ACTION.matcher(template)
                .results()
                .filter(action -> field(action) == null)
                .findFirst()
                .ifPresent(action -> {
                    throw new Invalid(
                            action.group(2).isEmpty()
                                    ? "log opt tag: unclosed action " + action.group()
                                    : "log opt tag: " + action.group() + " is none of the fields "
                                            + String.join(", ", FIELDS.keySet()));
                });
    }

    /// The text for a container; what is no field stays as it is.
    static String expanded(String template, LogSubject subject) {
        return ACTION.matcher(template).replaceAll(action -> {
            Function<LogSubject, String> field = field(action);
            return Matcher.quoteReplacement(field == null ? action.group() : field.apply(subject));
        });
    }

    private static @Nullable Function<LogSubject, String> field(MatchResult action) {
        return action.group(2).isEmpty() ? null : FIELDS.get(action.group(1).strip());
    }
}
