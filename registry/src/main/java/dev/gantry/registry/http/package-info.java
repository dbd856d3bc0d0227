/// HTTP as registries use it: one request and its answer, within time limits, and the headers that matter here. Nothing
/// in
/// this package decides who gets credentials.
@NullMarked
package dev.gantry.registry.http;

import org.jspecify.annotations.NullMarked;
