"""Drawing office: the layers of a run for QGIS, ports and links with what was simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

if TYPE_CHECKING:
    from corridor.geodata import Network
    from corridor.results import Results

__all__ = ["gis_layers"]

_PORT_METRICS = ("vehicles", "tonnes", "tfi1_mean", "tfi1_p95", "peak_queue", "open_hours")
_LINK_COLUMNS = ("link", "from_place", "to_place", "mode", "name", "km", "evidence", "claim",
                 "speed_kmh", "traffic_t", "traffic_claim", "traffic_period")  # fmt: skip


def gis_layers(results: Results, network: Network) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Posts of the study and all links of the network, with the means of every scenario.

    Returns
    -------
    ports : GeoDataFrame of Point
        ``post``, ``place``, ``name`` and a column ``<metric>_<scenario>`` each, in the metric's
        own unit (vehicles, t, h).
    links : GeoDataFrame of LineString
        ``vehicles_<scenario>`` and ``tonnes_<scenario>`` in the measured period, running hours.
    """
    means = results.metrics[results.metrics["class"] == "all"]
    wide = means.pivot_table(index="place", columns=["metric", "scenario"], values="mean")
    posts = []
    for scenario in results.record["scenarios"][:1]:
        for port, model in scenario["resolved"]["ports"].items():
            for post, body in model["posts"].items():
                if body.get("place"):
                    posts.append({"post": f"{port}/{post}", "place": body["place"]})
    ports = pd.DataFrame(posts, columns=["post", "place"])
    ports = _with(ports, wide, "post", _PORT_METRICS)
    places = network.places[["place", "name", "geometry"]]
    ports_layer = gpd.GeoDataFrame(ports.merge(places, on="place"), geometry="geometry", crs=4326)
    links = network.links[[*_LINK_COLUMNS, "geometry"]].copy()
    links["hours"] = links["km"] / links["speed_kmh"]
    links["row"] = "link/" + links["link"]
    links_layer = gpd.GeoDataFrame(
        _with(links, wide, "row", ("vehicles", "tonnes")).drop(columns="row"),
        geometry="geometry",
        crs=4326,
    )
    return ports_layer, links_layer


def _with(
    table: pd.DataFrame, wide: pd.DataFrame, key: str, metrics: tuple[str, ...]
) -> pd.DataFrame:
    """`table` with a column a metric and scenario, looked up by `key`."""
    table = table.copy()
    for column in wide.columns.to_list():
        metric, scenario = column[0], column[1]
        if metric in metrics:
            table[f"{metric}_{scenario}"] = table[key].map(wide[metric, scenario])
    return table
