package dev.gantry.store.tar;

import dev.gantry.oci.MalformedException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The records of PAX extended headers (POSIX pax, "pax Extended Header"). Values stay bytes: the value of
/// `security.capability` is no text.
final class PaxRecords {
    private static final String SCHILY_XATTR = "SCHILY.xattr.";
    private static final String LIBARCHIVE_XATTR = "LIBARCHIVE.xattr.";
    private static final Pattern TIME = Pattern.compile("-?[0-9]{1,19}(?:\\.[0-9]*)?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");
    private static final int MAX_RECORDS = 100_000;

    private final Map<String, byte[]> records = new LinkedHashMap<>();
    private final List<Long> sparseNumbers = new ArrayList<>();

    /// The records of one header; a later value replaces an earlier one, an empty one deletes it.
    static PaxRecords of(byte[] data) throws MalformedException {
        PaxRecords records = new PaxRecords();
        records.add(data);
        return records;
    }

    private void add(byte[] data) throws MalformedException {
        int position = 0;
        while (position < data.length) {
            int space = position;
            int length = 0;
            while (space < data.length && data[space] >= '0' && data[space] <= '9' && space - position < 8) {
                length = length * 10 + data[space++] - '0';
            }
            int end = position + length;
            if (space == position
                    || space >= data.length
                    || data[space] != ' '
                    || end > data.length
                    || end <= space + 1) {
                throw new MalformedException("tar has a malformed PAX record");
            }
            addRecord(data, space + 1, end);
            position = end;
        }
    }

    private void addRecord(byte[] data, int start, int end) throws MalformedException {
        int equals = start;
        while (equals < end && data[equals] != '=') {
            equals++;
        }
        if (data[end - 1] != '\n' || equals >= end - 1 || equals == start) {
            throw new MalformedException("tar has a malformed PAX record");
        }
        String key = new String(data, start, equals - start, StandardCharsets.UTF_8);
        byte[] value = Arrays.copyOfRange(data, equals + 1, end - 1);
        if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
            sparseNumbers.add(toNumber(key, value)); // format 0.0: pairs, whose order is the map
        } else if (value.length == 0 && !key.startsWith(SCHILY_XATTR)) {
            records.remove(key);
        } else {
            records.put(key, value);
        }
        if (records.size() > MAX_RECORDS || sparseNumbers.size() > SparseMap.MAX_EXTENTS * 2) {
            throw new MalformedException("tar has too many PAX records");
        }
    }

    boolean has(String key) {
        return records.containsKey(key);
    }

    List<Long> sparseNumbers() {
        return sparseNumbers;
    }

    @Nullable
    String name(String key) throws MalformedException {
        byte[] value = records.get(key);
        if (value == null) {
            return null;
        }
        for (byte character : value) {
            if (character == 0) {
                throw new MalformedException("tar has a PAX record \"%s\" with a NUL".formatted(key));
            }
        }
        return Names.decode(value, 0, value.length);
    }

    long number(String key, long otherwise) throws MalformedException {
        byte[] value = records.get(key);
        return value == null ? otherwise : toNumber(key, value);
    }

    private static long toNumber(String key, byte[] value) throws MalformedException {
        String text = new String(value, StandardCharsets.ISO_8859_1);
        try {
            if (NUMBER.matcher(text).matches()) {
                return Long.parseLong(text);
            }
        } catch (NumberFormatException _) {
            // beyond 63 bits: as malformed as letters
        }
        throw new MalformedException("tar has a PAX record \"%s\" that is no number".formatted(key));
    }

    /// The modification time, with nanoseconds.
    Instant modified(long otherwise) throws MalformedException {
        byte[] value = records.get("mtime");
        if (value == null) {
            return Instant.ofEpochSecond(otherwise);
        }
        String text = new String(value, StandardCharsets.ISO_8859_1);
        if (text.length() > 64 || !TIME.matcher(text).matches()) {
            throw new MalformedException("tar has a malformed PAX mtime");
        }
        BigDecimal time = new BigDecimal(text.endsWith(".") ? text + "0" : text);
        BigDecimal seconds = time.setScale(0, RoundingMode.FLOOR);
        long nanos = time.subtract(seconds).movePointRight(9).longValue();
        try {
            return Instant.ofEpochSecond(seconds.longValueExact(), nanos);
        } catch (ArithmeticException | DateTimeException e) {
            throw new MalformedException("tar has a PAX mtime out of range", e);
        }
    }

    /// Extended attributes: star's keys hold the raw value, libarchive's an escaped name and Base64.
    Map<String, TarEntry.Xattr> xattrs() throws MalformedException {
        Map<String, TarEntry.Xattr> xattrs = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> record : records.entrySet()) {
            String key = record.getKey();
            if (key.startsWith(LIBARCHIVE_XATTR)) {
                xattrs.put(unescape(key.substring(LIBARCHIVE_XATTR.length())), base64(key, record.getValue()));
            }
        }
        for (Map.Entry<String, byte[]> record : records.entrySet()) {
            if (record.getKey().startsWith(SCHILY_XATTR)) {
                xattrs.put(record.getKey().substring(SCHILY_XATTR.length()), new TarEntry.Xattr(record.getValue()));
            }
        }
        return xattrs;
    }

    private static TarEntry.Xattr base64(String key, byte[] value) throws MalformedException {
        try {
            return new TarEntry.Xattr(Base64.getDecoder().decode(value));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("tar has a PAX record \"%s\" that is no Base64".formatted(key), e);
        }
    }

    private static String unescape(String name) throws MalformedException {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("tar has a malformed attribute name \"%s\"".formatted(name), e);
        }
    }
}
