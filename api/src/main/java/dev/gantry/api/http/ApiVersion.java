package dev.gantry.api.http;

import java.util.Optional;

/// A version of the Docker Engine API: two numbers, compared one after the other (1.9 is older than 1.24).
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /// The oldest version this daemon still speaks.
    public static final ApiVersion OLDEST = new ApiVersion(1, 24);
    /// The newest version this daemon speaks; also what a request without a version gets.
    public static final ApiVersion NEWEST = new ApiVersion(1, 50);

    private static final int MAX_DIGITS = 6;

    /// Reads `1.44`; a missing second number counts as 0, further ones are ignored as dockerd does.
    /// Empty when the text is no version at all, which is then no versioned path either.
    public static Optional<ApiVersion> parse(String text) {
        String[] parts = text.split("\\.", -1);
        for (String part : parts) {
            if (part.isEmpty() || part.length() > MAX_DIGITS || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.empty();
            }
        }
        int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        return Optional.of(new ApiVersion(Integer.parseInt(parts[0]), minor));
    }

    /// Whether this is 1.`minor` or newer.
    public boolean atLeast(int wantedMinor) {
        return compareTo(new ApiVersion(1, wantedMinor)) >= 0;
    }

    @Override
    public int compareTo(ApiVersion other) {
        int byMajor = Integer.compare(major, other.major);
        return byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
