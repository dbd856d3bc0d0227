package dev.gantry.registry.protocol;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An error of the distribution protocol.
///
/// @param code one of the protocol's, `UNKNOWN` for any other
public record ErrorCode(String code, String message) {
    private static final int MAX_MESSAGE = 1024;

    /// distribution's registry/api/errcode and api/v2: the codes with the messages that stand for a missing one.
    private static final Map<String, String> MESSAGES = Map.ofEntries(
            Map.entry("BLOB_UNKNOWN", "blob unknown to registry"),
            Map.entry("BLOB_UPLOAD_INVALID", "blob upload invalid"),
            Map.entry("BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"),
            Map.entry("DENIED", "requested access to the resource is denied"),
            Map.entry("DIGEST_INVALID", "provided digest did not match uploaded content"),
            Map.entry("MANIFEST_BLOB_UNKNOWN", "blob unknown to registry"),
            Map.entry("MANIFEST_INVALID", "manifest invalid"),
            Map.entry("MANIFEST_UNKNOWN", "manifest unknown"),
            Map.entry("MANIFEST_UNVERIFIED", "manifest failed signature verification"),
            Map.entry("NAME_INVALID", "invalid repository name"),
            Map.entry("NAME_UNKNOWN", "repository name not known to registry"),
            Map.entry("PAGINATION_NUMBER_INVALID", "invalid number of results requested"),
            Map.entry("SIZE_INVALID", "provided length did not match content length"),
            Map.entry("TAG_INVALID", "manifest tag did not match URI"),
            Map.entry("TOOMANYREQUESTS", "too many requests"),
            Map.entry("UNAUTHORIZED", "authentication required"),
            Map.entry("UNAVAILABLE", "service unavailable"),
            Map.entry("UNKNOWN", "unknown error"),
            Map.entry("UNSUPPORTED", "The operation is unsupported."));

    /// An error by its code, with the code's own message where there is none.
    public static ErrorCode of(String code, @Nullable String message) {
        String known = MESSAGES.containsKey(code) ? code : "UNKNOWN";
        boolean absent = message == null || message.isBlank();
        return new ErrorCode(known, absent ? String.valueOf(MESSAGES.get(known)) : printable(message));
    }

    /// The code that a status stands for where the body has none.
    public static ErrorCode ofStatus(int status, String text) {
        return switch (status) {
            case 401 -> of("UNAUTHORIZED", text);
            case 403 -> of("DENIED", text);
            case 429 -> of("TOOMANYREQUESTS", text);
            default -> of("UNKNOWN", text.isBlank() ? "HTTP status " + Statuses.text(status) : text);
        };
    }

    /// As Docker prints it.
    public String text() {
        return code.toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + message;
    }

    // a registry's words end up on a terminal
    private static String printable(@Nullable String message) {
        String text = String.valueOf(message).replaceAll("\\p{Cc}+", " ").strip();
        return text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) + "…" : text;
    }
}
