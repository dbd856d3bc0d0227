package dev.gantry.cli.stream;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Standard output, whose reader may go: the program then ends without a word, as one that SIGPIPE (signal(7)) kills,
/// which the JVM ignores. `gantry logs web | head` says nothing but the first lines.
public final class StandardOutput extends OutputStream {
    /// 128 + SIGPIPE.
    private static final int KILLED = 141;

    private static final String EPIPE = "Broken pipe";

    private final FileOutputStream file = new FileOutputStream(FileDescriptor.out);

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            file.write(bytes, offset, length);
        } catch (IOException e) {
            if (EPIPE.equals(e.getMessage())) {
                Tty.restore();
                Runtime.getRuntime().halt(KILLED);
            }
            throw e;
        }
    }
}
