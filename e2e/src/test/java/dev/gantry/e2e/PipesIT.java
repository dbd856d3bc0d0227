package dev.gantry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// 100 MB through `run -i`: not a byte lost, doubled or changed.
@EverySetup
class PipesIT extends EndToEnd {
    private static final int BLOCKS = 100;
    private static final byte[] BLOCK = block();

    @Test
    void carryAHundredMegabytesIn() throws Exception {
        Result result = setup.client().callWithInput(input(), "run", "--rm", "-i", IMAGE, "sha256sum");
        assertThat(result.out()).as(result::toString).startsWith(digestOfInput());
    }

    @Test
    void carryAHundredMegabytesInAndOutAgain() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
        Result result = setup.client().pipe(input(), sink, "run", "--rm", "-i", "--log-driver", "none", IMAGE, "cat");
        assertThat(result.exit()).as(result::toString).isZero();
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(digestOfInput());
    }

    @Test
    void endQuietlyWhenTheirReaderHasGone() throws IOException {
        String name = background("seq 200000");
        ok("wait", name);
        Result result = setup.client().script("\"$client\" logs " + name + " | head -n 1; echo ${PIPESTATUS[0]}");
        assertThat(result.out()).as(result::toString).isEqualTo("1\n141\n");
        assertThat(result.err()).isEmpty();
    }

    private static byte[] block() {
        byte[] block = new byte[1_000_000];
        new Random(42).nextBytes(block);
        return block;
    }

    private static InputStream input() {
        List<InputStream> blocks = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            blocks.add(new ByteArrayInputStream(BLOCK));
        }
        return new SequenceInputStream(Collections.enumeration(blocks));
    }

    private static String digestOfInput() throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        input().transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }
}
