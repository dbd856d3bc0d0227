package dev.gantry.registry.http;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The `Link` header (RFC 8288) that names the next page.
public final class NextLink {
    private static final Pattern NEXT = Pattern.compile(
            "<([^<>]{1,8192}+)>\\s*+;[^<]*?\\brel\\s*+=\\s*+(?:\"next\"|next\\b)", Pattern.CASE_INSENSITIVE);

    private NextLink() {}

    /// What `rel="next"` points to, relative or absolute; null if there is no such link.
    public static @Nullable String of(List<String> headers) {
        for (String header : headers) {
            Matcher matcher = NEXT.matcher(header.length() > 16_384 ? "" : header);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return null;
    }
}
