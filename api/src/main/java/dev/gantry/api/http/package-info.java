/// HTTP as the handlers see it: a request with its path variables, query and version; a response that is JSON, a
/// stream or a raw connection.
///
/// Only this package knows the web server. Every handler runs on a virtual thread of its own and blocks freely.
@NullMarked
package dev.gantry.api.http;

import org.jspecify.annotations.NullMarked;
