package dev.gantry.api.http;

/// The body of every error: what the client prints after "Error response from daemon: ".
record Problem(String message) {}
