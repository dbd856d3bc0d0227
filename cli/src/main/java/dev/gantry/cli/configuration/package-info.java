/// The user's own settings and logins: Docker's `config.json` and its credential helpers.
@NullMarked
package dev.gantry.cli.configuration;

import org.jspecify.annotations.NullMarked;
