package dev.gantry.registry.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which part of something an answer holds (RFC 9110, 14.4).
///
/// @param last included
/// @param total of the whole; null if the server does not say
public record ContentRange(long first, long last, @Nullable Long total) {
    private static final Pattern FORMAT = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/(?:([0-9]{1,18})|\\*)");

    /// The value of a `Content-Range`; null if it is missing or is none.
    public static @Nullable ContentRange parse(@Nullable String header) {
        Matcher matcher = FORMAT.matcher(header == null ? "" : header);
        if (!matcher.matches()) {
            return null;
        }
        String total = matcher.group(3);
        return new ContentRange(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                total == null ? null : Long.valueOf(total));
    }

    @Override
    public String toString() {
        return "bytes %d-%d/%s".formatted(first, last, total == null ? "*" : total);
    }
}
