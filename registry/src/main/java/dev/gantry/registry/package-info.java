/// Repositories in registries, as the distribution specification defines them.
///
/// A [RegistryClient] opens a [Repository]; every failure that a registry or the way to it causes is a
/// [RegistryException] with Docker's text. Calls block and end early when their thread is interrupted.
@NullMarked
package dev.gantry.registry;

import org.jspecify.annotations.NullMarked;
