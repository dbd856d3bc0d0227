package dev.gantry.engine.container;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/// Which names and IDs are taken, and which container a user means. A name belongs to one container at a time;
/// taking it is atomic.
public final class ContainerNames {
    private static final Pattern VALID = Pattern.compile("/?[a-zA-Z0-9][a-zA-Z0-9_.-]+");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final List<String> FIRST = List.of(
            "amber", "brave", "calm", "deft", "eager", "fair", "gentle", "hardy", "ideal", "jolly", "keen", "lucid",
            "merry", "noble", "open", "plain", "quick", "ready", "sturdy", "tidy", "upright", "vivid", "warm", "young");
    private static final List<String> SECOND = List.of(
            "anchor", "beam", "crane", "dock", "engine", "ferry", "girder", "harbour", "iron", "jetty", "keel",
            "ladder", "mast", "net", "oar", "pier", "quay", "rope", "sail", "tug", "vessel", "winch", "yard", "zenith");

    private final SecureRandom random = new SecureRandom();
    private final Map<String, String> idsByName = new ConcurrentHashMap<>();
    private final NavigableSet<String> ids = new ConcurrentSkipListSet<>();

    /// A new ID: 64 hexadecimal digits. It never reads as a number, which would make a bad host name.
    public String newId() {
        while (true) {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            String id = HexFormat.of().formatHex(bytes);
            if (!id.substring(0, 12).chars().allMatch(Character::isDigit)) {
                return id;
            }
        }
    }

    /// Whether it is the ID of a container, be there one or not.
    public static boolean isId(String name) {
        return ID.matcher(name).matches();
    }

    /// Whether a container can have that name, which has no slash.
    static boolean isName(String name) {
        return VALID.matcher(name).matches() && !name.startsWith("/");
    }

    /// Takes a name for a container, which is known by its ID from then on.
    ///
    /// @param name with or without its slash
    /// @return the name without it
    /// @throws Conflict when another container has the name
    public String take(String name, String id) {
        if (!VALID.matcher(name).matches()) {
            throw new Invalid("Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }
        String plain = withoutSlash(name);
        String owner = idsByName.putIfAbsent(plain, id);
        if (owner != null && !owner.equals(id)) {
            throw new Conflict("Conflict. The container name \"/" + plain + "\" is already in use by container \""
                    + owner + "\". You have to remove (or rename) that container to be able to reuse that name.");
        }
        ids.add(id);
        return plain;
    }

    /// Takes a generated name.
    public String takeAny(String id) {
        for (int attempt = 0; ; attempt++) {
            String name = FIRST.get(random.nextInt(FIRST.size())) + "_" + SECOND.get(random.nextInt(SECOND.size()));
            // two words are few: digits follow once they have met a taken name
            String candidate = attempt < 3 ? name : name + random.nextInt(100_000);
            if (idsByName.putIfAbsent(candidate, id) == null) {
                ids.add(id);
                return candidate;
            }
        }
    }

    /// Gives a container another name; the old one is free afterwards.
    public void rename(String id, String from, String to) {
        if (withoutSlash(to).equals(from)) {
            throw new Invalid("Renaming a container with the same name as its current name");
        }
        String problem = "Error when allocating new name: ";
        try {
            String _ = take("/" + withoutSlash(to), id);
        } catch (Invalid e) {
            throw new Invalid(problem + e.getMessage(), e);
        } catch (Conflict e) {
            throw new Conflict(problem + e.getMessage());
        }
        idsByName.remove(from, id);
    }

    /// Forgets a container and its name.
    public void release(String id, String name) {
        idsByName.remove(name, id);
        ids.remove(id);
    }

    /// Whether a container has the ID, be it still in the making or already on its way out.
    public boolean isKnown(String id) {
        return ids.contains(id);
    }

    /// Whether a name leads to that container.
    public boolean isOwner(String name, String id) {
        return id.equals(idsByName.get(name));
    }

    /// The ID of the container that is meant: by its ID, its name, or the beginning of its ID.
    ///
    /// @throws NotFound when there is none
    /// @throws Invalid when the beginning fits several
    public String find(String ref) {
        String exact = ID.matcher(ref).matches() && ids.contains(ref) ? ref : idsByName.get(withoutSlash(ref));
        if (exact != null) {
            return exact;
        }
        String first = ref.isEmpty() ? null : ids.ceiling(ref);
        if (first == null || !first.startsWith(ref)) {
            throw new NotFound("No such container: " + ref);
        }
        String second = ids.higher(first);
        if (second != null && second.startsWith(ref)) {
            throw new Invalid("multiple IDs found with provided prefix: " + ref);
        }
        return first;
    }

    private static String withoutSlash(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }
}
