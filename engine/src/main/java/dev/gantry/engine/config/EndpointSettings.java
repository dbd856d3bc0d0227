package dev.gantry.engine.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A container's end of a network: what was asked for, then what it got.
@JsonNaming(UpperCamelCaseStrategy.class)
@JsonInclude(Include.NON_NULL)
public record EndpointSettings(
        @JsonProperty("IPAMConfig") @Nullable AddressRequest ipamConfig,
        List<String> links,
        List<String> aliases,
        String macAddress,
        Map<String, String> driverOpts,
        long gwPriority,
        @JsonProperty("NetworkID") String networkId,
        @JsonProperty("EndpointID") String endpointId,
        String gateway,
        @JsonProperty("IPAddress") String ipAddress,
        @JsonProperty("IPPrefixLen") int ipPrefixLength,
        @JsonProperty("IPv6Gateway") String ipv6Gateway,
        @JsonProperty("GlobalIPv6Address") String globalIpv6Address,
        @JsonProperty("GlobalIPv6PrefixLen") int globalIpv6PrefixLength,
        @JsonProperty("DNSNames") List<String> dnsNames) {
    public EndpointSettings {
        links = Copies.list(links);
        aliases = Copies.list(aliases);
        macAddress = Copies.text(macAddress);
        driverOpts = Copies.map(driverOpts);
        networkId = Copies.text(networkId);
        endpointId = Copies.text(endpointId);
        gateway = Copies.text(gateway);
        ipAddress = Copies.text(ipAddress);
        ipv6Gateway = Copies.text(ipv6Gateway);
        globalIpv6Address = Copies.text(globalIpv6Address);
        dnsNames = Copies.list(dnsNames);
    }

    /// An endpoint without an address: what `none`, `host` and a loopback-only network give.
    public static EndpointSettings unaddressed(String networkId) {
        return new EndpointSettings(
                null, List.of(), List.of(), "", Map.of(), 0, networkId, "", "", "", 0, "", "", 0, List.of());
    }

    /// Fixed addresses asked for.
    public record AddressRequest(
            @JsonProperty("IPv4Address") @Nullable String ipv4Address,
            @JsonProperty("IPv6Address") @Nullable String ipv6Address,
            @JsonProperty("LinkLocalIPs") @Nullable List<String> linkLocalAddresses) {}
}
