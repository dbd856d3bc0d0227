package dev.gantry.kernel.seccomp;

import java.io.IOException;

/// libseccomp is not installed on this machine.
public final class LibraryMissingException extends IOException {
    private static final long serialVersionUID = 1L;

    LibraryMissingException(String soname) {
        super(soname + " is not installed: install libseccomp2 (Debian, Ubuntu) or libseccomp (Fedora, Alpine, Arch),"
                + " or run without a filter: --security-opt seccomp=unconfined");
    }
}
