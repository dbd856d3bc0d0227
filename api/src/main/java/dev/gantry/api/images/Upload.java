package dev.gantry.api.images;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A request's body that knows whether it was the client who ended it too early: then it is no failure of this host.
final class Upload extends FilterInputStream {
    private volatile boolean broken;

    Upload(InputStream body) {
        super(body);
    }

    boolean isBroken() {
        return broken;
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (IOException e) {
            broken = true;
            throw e;
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return super.read(bytes, offset, length);
        } catch (IOException e) {
            broken = true;
            throw e;
        }
    }
}
