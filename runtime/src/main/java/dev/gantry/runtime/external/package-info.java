/// Other OCI runtimes, such as runc: what they are told, by command line and bundle, and what they answer.
@NullMarked
package dev.gantry.runtime.external;

import org.jspecify.annotations.NullMarked;
