/// What a container is asked to be, with the names of Docker's API in JSON: the body of a create request, and the
/// durable state of a container.
///
/// Absent lists and maps are empty, except where absence means something of its own ("take the image's", "take the
/// default"): these are nullable. Values are not judged here: whoever builds a container out of them does.
@NullMarked
package dev.gantry.engine.config;

import org.jspecify.annotations.NullMarked;
