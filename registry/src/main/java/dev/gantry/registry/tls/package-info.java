/// Certificates: who is trusted, and who we say we are, by Docker's folder layout.
@NullMarked
package dev.gantry.registry.tls;

import org.jspecify.annotations.NullMarked;
