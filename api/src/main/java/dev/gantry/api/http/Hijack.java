package dev.gantry.api.http;

/// A connection to be taken over: the head to answer with, and who talks then.
///
/// @param headAlone whether the client must be given time to read the head before anything follows
record Hijack(String head, boolean headAlone, HijackSession session) {}
