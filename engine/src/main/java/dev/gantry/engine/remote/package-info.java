/// What is asked of registries without an image being here: logins, manifests, searches.
@NullMarked
package dev.gantry.engine.remote;

import org.jspecify.annotations.NullMarked;
