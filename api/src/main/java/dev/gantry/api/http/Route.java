package dev.gantry.api.http;

/// One line of the routing table: method, path, the first API version that has it, and who answers.
public record Route(String method, PathTemplate path, ApiVersion since, Handler handler) {
    /// A route that every served version has.
    public static Route of(String method, String path, Handler handler) {
        return new Route(method, PathTemplate.of(path), ApiVersion.OLDEST, handler);
    }

    /// The same route, absent before 1.`minor`.
    public Route since(int minor) {
        return new Route(method, path, new ApiVersion(1, minor), handler);
    }
}
